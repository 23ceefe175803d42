use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let question: &str = 5;
//~                      ^ ERROR[E0308]
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 0,
//~                 ^ ERROR must be from 1 to 64000 for Claude Haiku 4.5, found 0
        temprature: 0.5,
//~     ^^^^^^^^^^ ERROR Claude Haiku 4.5 takes no `temprature`; did you mean `temperature`?
        top_k: "many",
//~            ^^^^^^ ERROR expected a whole number, found "many"
        messages: [{ role: "human", content: question }],
//~                        ^^^^^^^ ERROR must be "user" or "assistant", found "human"
    });
}
