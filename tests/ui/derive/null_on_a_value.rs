use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
#[json(request)]
struct Request {
    #[json(null)]
    prompt: String,
//~         ^^^^^^ ERROR `null` is for `Option<T>`: a required member that may be null
}

fn main() {}
