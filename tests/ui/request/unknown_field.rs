use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        temprature: 0.5,
//~     ^^^^^^^^^^ ERROR Claude Haiku 4.5 takes no `temprature`; did you mean `temperature`?
        messages: [{ role: "user", content: "Hello" }],
    });
}
