"""Pages of our own that several tests import."""

FEES = """Harbour fees to rise in spring, port says

By Ines Falk
November 14, 2026

The port of Lindhaven will raise its fees by four percent in March, its management told shippers on Friday.
"We have kept prices still for six years, and the quays do not pay for themselves," said Greta Lindahl, head of the port's pilots' association.
Lindahl added that the money would go into new fenders and lights along the outer basin.
Shippers have until the end of January to comment on the plan, which the city council must then approve.
Tags: ports, Lindhaven

Most Popular

Ferry line adds a winter boat

Museum reopens after storm
"""
