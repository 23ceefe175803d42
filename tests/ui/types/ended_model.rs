#![warn(deprecated)]

use bedrock_models::anthropic::claude_3_opus::Claude3Opus;
//~                                           ^^^^^^^^^^^ WARNING[deprecated] Claude 3 Opus has ended: calls of it fail; we suggest Claude Opus 5.5, the newest of its class

fn main() {}
