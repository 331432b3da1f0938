# C types for syntax.py, which runs without them, too.
cimport cython


@cython.final
cdef class Tag:
    cdef readonly str name
    cdef readonly bytes prefix
    cdef readonly int kind, rules, region, inline
    cdef readonly bint is_transparent
