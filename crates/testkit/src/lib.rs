//! Fakes, failure wrappers, contract suites and builders for tests.
