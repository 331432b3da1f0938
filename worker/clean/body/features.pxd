# C types for features.py, which runs without them, too.
cimport cython

from worker.clean.html.block cimport RawBlock
from worker.clean.body.evidence cimport evidence
from worker.clean.body.position cimport position
from worker.clean.body.columns cimport PageColumns, doubles, integers
from worker.clean.body.vocabulary cimport PartVocabulary

cdef int CAPITALS, COLONS, COMMAS, DIGITS, ENDS, LOWER, PIPES, QUOTED, SPACES, STOPS
cdef int _BITS, _GROUPS, _REGION_BITS, _FIRST_WORD, _FIRST_TAG, _FIRST_MARK
cdef int _POSITION, _EVIDENCE, _SHORT, _START, _DATED, _SMALL, _UNSEEN
cdef int[::1] _LOGGED
cdef float[::1] _DIVISORS, _MOST


@cython.locals(block=Py_ssize_t, number=Py_ssize_t)
cdef _gather(float[:, ::1] rows, float[:, ::1] logged)
@cython.locals(block=Py_ssize_t, number=Py_ssize_t)
cdef _scatter(float[:, ::1] logged, float[:, ::1] rows)
@cython.locals(block=int, one=RawBlock, size=double, length=double, commas=double, stops=double)
cdef _text(PageColumns page, float[:, ::1] rows)
@cython.locals(vocabulary=PartVocabulary, at=int, block=int, one=RawBlock, group=int, titled=double, described=double, text=str,
               first=int, is_stated=bint, firsts=dict)
cdef _words(PageColumns page, hints, float[:, ::1] rows)
@cython.locals(branch="int[::1]", block=int, one=RawBlock, own=int, number=int, tag=int)
cdef _marks(PageColumns page, float[:, ::1] rows)
@cython.locals(sums="double[::1]", branch="int[::1]", block=int, number=int, parent=int, large=double)
cdef int[::1] _branch(PageColumns page, list marks)
@cython.locals(bit=int)
cdef _unpack(int bits, int count, float[:, ::1] rows, int block, int at)
