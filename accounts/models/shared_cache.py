from django.db import models


class SharedCache(models.Model):
    """The table of Django's database cache, as its `createcachetable` would make it.

    As a model it comes by migration, with the application's rights on it, like every other table. Nothing
    but the cache reads or writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "echodepth_cache"
