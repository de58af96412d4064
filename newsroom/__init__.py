"""A news CMS and quote archive."""

VERSION = "0.1.0"
