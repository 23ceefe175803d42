use bedrock_models::anthropic::claude_haiku_4_5::{Message, Request};

fn main() {
    let _ = Request::new([Message::user("Hello")]);
//~         ^^^^^^^^^^^^ ERROR[E0061]
}
