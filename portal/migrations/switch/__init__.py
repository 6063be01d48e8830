"""The switch's view of the portal, as SQL: what Kamailio reads, writes and asks. Used by 0007."""
