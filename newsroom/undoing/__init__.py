"""Taking an import back (see ``undo``)."""
