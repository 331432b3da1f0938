# C types for nearby.py, which runs without them, too.
cimport cython

from worker.clean.block cimport RawBlock
from worker.clean.characters cimport size
from worker.clean.scene cimport integers

cdef int _REACH, _PROSE
cdef double _LEAST_PROSE


@cython.locals(centre=int, first=int, end=int)
cpdef near_prose(tree)
@cython.locals(before="int[::1]", numbers="int[::1]", firsts="int[::1]", ends="int[::1]", parents="int[::1]", number=Py_ssize_t,
               left=int, container=int)
cdef _part(tree, bytearray near)
@cython.locals(number=Py_ssize_t)
cdef list _taken(list column, list holding)
@cython.locals(left=list, number=int, block=RawBlock)
cdef list _moved(list blocks, bytearray near, int[::1] numbers)
@cython.locals(text=str, length=int)
cdef bint _is_prose(RawBlock block)
