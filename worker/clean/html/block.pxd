# C types for block.py, which runs without them, too.
cimport cython


@cython.final
cdef class RawBlock:
    cdef public str text
    cdef public int element, links, emphasis, link_count, marks

    cpdef tuple _all(self)
    cpdef RawBlock moved(self, int element)
