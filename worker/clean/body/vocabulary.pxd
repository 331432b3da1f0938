# C types for vocabulary.py, which runs without them, too.
cimport cython

cdef int _TITLED, _DESCRIBED, _SIEVE, _FIRST_EASTERN
cdef bytes _TO_WORDS, _KNOWN_SIEVE


@cython.final
cdef class PartVocabulary:
    cdef dict bits
    cdef bytearray sieve
    cdef readonly int title_size, groups, count, titled, described

    @cython.locals(word=str, raw=bytes)
    cdef int _learn(self, str text, int bit)
    @cython.locals(word=str)
    cpdef read(self, str text)
    @cython.locals(raw="const unsigned char*", size=Py_ssize_t, at=Py_ssize_t, start=Py_ssize_t)
    cdef _read_plain(self, bytes given)
    @cython.locals(bits=int)
    cdef _count_word(self, bytes word)


cdef int _place(const unsigned char* raw, Py_ssize_t start, Py_ssize_t end) noexcept
@cython.locals(words=list, start=Py_ssize_t, place=Py_ssize_t, letter=Py_UCS4, code=int)
cpdef list split(str text)
