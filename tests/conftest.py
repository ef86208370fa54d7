"""Property tests give the same answer everywhere, and none depends on the speed of a machine."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")
