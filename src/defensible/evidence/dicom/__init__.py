"""DICOM headers in, a case table out: read tolerantly, nothing of who the patient is kept.

`intake` is the way in. Elements are read by our own parser, of which `parse` is the middle;
`attributes` says which columns there are; `identity` is where names and numbers of persons end.
Not here: pixels, which are never read.
"""
