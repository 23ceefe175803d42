use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let number = 5;
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        stop_sequences: number,
//~                     ^^^^^^ ERROR[E0277] expected a list of `std::string::String` or an `Option` of one, found `{integer}`
        messages: number,
//~               ^^^^^^ ERROR[E0277] `{integer}` is no list of `bedrock_models::anthropic::claude_haiku_4_5::Message`
    });
}
