//! The macros of `bedrock-models`; use them from there.
