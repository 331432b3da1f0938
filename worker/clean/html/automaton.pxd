# C types for automaton.py, which runs without them, too.
cimport cython

cdef int _WIDTH, _SPACE
cdef bytes _SYMBOL_OF


@cython.final
cdef class Automaton:
    cdef unsigned short[::1] rows
    cdef int[::1] found
    cdef readonly int begin

    @cython.locals(row=int, code=int)
    cpdef int after(self, bytes text)
    @cython.locals(bits=int, place=Py_ssize_t, symbols="const unsigned char*")
    cdef int read(self, const unsigned char* text, Py_ssize_t start, Py_ssize_t end, int row)
