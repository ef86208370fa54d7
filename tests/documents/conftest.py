"""The fixed assessments that every report here is rendered from."""

import pytest

from tests.documents.four_hospitals import TODAY, assessment


@pytest.fixture(scope="session")
def heart():
    return assessment()


@pytest.fixture(scope="session")
def today():
    return TODAY
