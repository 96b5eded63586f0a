"""Objects for tests. A tenant's object is made inside its own scope; read it inside `tenant(...)`."""

from tests.factory_core import *  # noqa: F403 - one name for all of them
from tests.factory_privacy import *  # noqa: F403
