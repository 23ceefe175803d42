//! Amazon Bedrock on one's own machine.
