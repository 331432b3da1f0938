# C types for candidates.py, which runs without them, too.
cimport cython

from worker.clean.html.block cimport RawBlock
from worker.clean.body.characters cimport size

cdef int _REACH, _PROSE
cdef double _LEAST_PROSE


@cython.locals(centre=int, first=int, end=int, number=Py_ssize_t, near=bytearray)
cpdef list near_prose(tree)
@cython.locals(text=str, length=int)
cdef bint _is_prose(RawBlock block)
