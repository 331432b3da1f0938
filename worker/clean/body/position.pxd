# C types for position.py, which runs without them, too.
cimport cython

from worker.clean.body.columns cimport PageColumns, clip, doubles, integers, numbered

cdef int _LEVELS, _GROUP, _REPEATED, _MAIN


@cython.locals(block=int, selectors="int[::1]", both="int[::1]", pairs=list)
cpdef position(PageColumns page, float[:, ::1] rows, int at)
@cython.locals(held="double[::1]", size="double[::1]", linked="double[::1]", counts="double[::1]",
               with_prose="double[::1]", width=int, most=double, total=double, block=int, group=int,
               share=double)
cdef _group(PageColumns page, int[::1] groups, float[:, ::1] rows, int at)
@cython.locals(is_counted="unsigned char[::1]", alike="double[::1]", held="double[::1]", blocks="double[::1]", block=int,
               selector=int, container=int)
cdef _repeated(PageColumns page, int[::1] selectors, float[:, ::1] rows, int at)
@cython.locals(main=int, first=int, last=int, block=int, container=int, steps=int, number=int, _=int)
cdef _from_main(PageColumns page, float[:, ::1] rows, int at)
@cython.locals(score="double[::1]", best=int, block=int, number=int)
cdef int _main(PageColumns page)
@cython.locals(total=double, before=double, linked=double, sizes=double, tags=list, heading=int, block=int, length=double,
               amount=double, share=double)
cdef _on_page(PageColumns page, float[:, ::1] rows, int at)
