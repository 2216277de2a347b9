// The portal's and the desk's own script: a few conveniences on top of pages that work without it.
