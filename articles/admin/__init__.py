"""The editors' desk: Django's admin over articles, what they are filed under, and what they came from.

Apps above this one add what they know through ``ArticleAdmin.register_inline``, ``CuratedListAdmin.register_inline``,
``register_column`` and ``provenance.register_facts``; this package knows nothing of them.
"""

from articles.admin.articles import ArticleAdmin
from articles.admin.deletions import DeletionAdmin
from articles.admin.documents import RawDocumentAdmin
from articles.admin.filing import AuthorAdmin, PublisherAdmin
from articles.admin.lists import CuratedListAdmin, CuratedListItemAdmin
from articles.admin.merging import MergerAdmin
from articles.admin.printings import PrintingAdmin
from articles.admin.proposals import ProposedChangeAdmin
from articles.admin.topic_candidates import TopicCandidateAdmin
from articles.admin.topics import TopicAdmin

__all__ = [
    "ArticleAdmin",
    "AuthorAdmin",
    "CuratedListAdmin",
    "CuratedListItemAdmin",
    "DeletionAdmin",
    "MergerAdmin",
    "PrintingAdmin",
    "ProposedChangeAdmin",
    "PublisherAdmin",
    "RawDocumentAdmin",
    "TopicAdmin",
    "TopicCandidateAdmin",
]
