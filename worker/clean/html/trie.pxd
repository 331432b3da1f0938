# C types for trie.py, which runs without them, too.
cimport cython

cdef int _WIDTH, _FIRST
cdef bytes _COLUMNS


@cython.final
cdef class NameTrie:
    cdef unsigned short[::1] rows, numbers

    @cython.locals(row=int, columns="const unsigned char*")
    cdef int find(self, const unsigned char* text, Py_ssize_t start, Py_ssize_t end)
