# Where the vendors' libraries come from. A system copy or one that the user names wins; otherwise
# what setup/ put into the cache.
