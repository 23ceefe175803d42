use bedrock_models::Client;
use bedrock_models::amazon::nova_micro::Request;
use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;

async fn ask(bedrock: &Client, request: &Request) {
    let _ = bedrock.invoke(ClaudeHaiku4_5.us(), request);
//~                                             ^^^^^^^ ERROR[E0308]
}

fn main() {}
