# C types for columns.py, which runs without them, too.
cimport cython

from worker.clean.html.block cimport RawBlock

cdef int WIDE, HIDDEN


@cython.final
cdef class PageColumns:
    cdef object tree
    cdef list blocks
    cdef int count, width
    cdef double total
    cdef int[::1] origins, parents, outside, firsts, ends, depths, selectors
    cdef int[::1] numbers, around, containers, outer
    cdef float[::1] lengths, sizes, links, emphasis, prose
    cdef float[:, ::1] counts
    cdef unsigned char[::1] is_unseen

    @cython.locals(parents=list, containers=list, depths=list, firsts=list, ends=list, before="int[::1]",
                   numbers="int[::1]", left=int, number=Py_ssize_t, first=int, end=int)
    cdef int[::1] _renumber(self, list near)
    @cython.locals(block=int, number=int, one=RawBlock)
    cdef _locate(self, int[::1] numbers)
    @cython.locals(number=int, length=float, block=RawBlock)
    cdef _measure(self)
    @cython.locals(number=int, block=int, mark=int, hidden=double, shown=double, is_shown_later=bint)
    cdef _find_unseen(self, list marks)
    @cython.locals(block=int)
    cdef _sum(self)


@cython.locals(index=dict, numbers="int[::1]", place=int)
cpdef int[::1] numbered(list keys)
cpdef integers(int count)
cpdef floats(int count)
cpdef doubles(int count)
cpdef double clip(double value, double most) noexcept
