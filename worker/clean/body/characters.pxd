# C types for characters.py, which runs without them, too.
cimport cython

cdef int BEYOND, CAPITALS, COLONS, COMMAS, COUNTED, DIGITS, ENDS, KINDS, LOWER, PIPES, QUOTED, SPACES, STOPS, WIDE


@cython.locals(table="const unsigned short[::1]", wide=int, letter=Py_UCS4)
cpdef int size(str text)
@cython.locals(table="const unsigned short[::1]", counts="float[:, ::1]", number=int, text=str)
cpdef count(list texts)
@cython.locals(kinds=int, first=int, commas=int, stops=int, digits=int, capitals=int, spaces=int, wide=int, pipes=int,
               letter=Py_UCS4)
cdef _count_one(str text, const unsigned short[::1] table, float[:, ::1] counts, int number)
