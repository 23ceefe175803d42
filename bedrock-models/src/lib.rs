//! Typed requests and responses for every model on Amazon Bedrock.
