use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
#[json(request, fixed("kind" = "mine"))]
struct Request {
    kind: String,
//~ ^^^^ ERROR there are two members `kind`
    #[json(rename = "prompt")]
    text: String,
    prompt: String,
//~ ^^^^^^ ERROR there are two members `prompt`
}

fn main() {}
