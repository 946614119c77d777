//! The browser entry point: hydrate and nothing else.
