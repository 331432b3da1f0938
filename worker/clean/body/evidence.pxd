# C types for evidence.py, which runs without them, too.
cimport cython

from worker.clean.body.columns cimport PageColumns, clip, doubles

cdef double _FAR
cdef int _NEAREST, _ELEMENT, _RUN


@cython.locals(sums="double[::1]", block_cost=double, character_cost=double)
cpdef evidence(PageColumns page, float[:, ::1] rows, int at)
@cython.locals(block=int, value=double)
cdef _sum(PageColumns page, double block_cost, double character_cost, double[::1] sums)
@cython.locals(held="double[::1]", around="double[::1]", best=int, number=int, top=double, block=int, container=int)
cdef _densest_element(PageColumns page, double[::1] sums, float[:, ::1] rows, int at)
@cython.locals(first=int, end=int, least=int, place=int, block=int)
cdef _densest_run(PageColumns page, double[::1] sums, float[:, ::1] rows, int at)
@cython.locals(nearest=int, block=int)
cdef _near(PageColumns page, float[:, ::1] rows, int at)
