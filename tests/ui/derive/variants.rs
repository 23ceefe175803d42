use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
#[json(request, tag = "type")]
enum Tagged {
    Untagged(Value),
//~ ^^^^^^^^ ERROR say the tag: `#[json("text")]`
    #[json("image")]
    Image { source: String },
//~ ^^^^^ ERROR a variant holds one value: `Text(TextBlock)`
    #[json("unit")]
    Unit,
//~ ^^^^ ERROR a variant holds one value: `Text(TextBlock)`
    #[json("same")]
    One(Value),
    #[json("same")]
//~        ^^^^^^ ERROR there are two variants "same"
    Other(String),
    #[json(other)]
    Unknown(Value),
//~ ^^^^^^^ ERROR requests are closed: `other` is for replies
}

#[derive(Debug, Json)]
#[json(request, strings)]
enum Words {
    Unnamed,
//~ ^^^^^^^ ERROR say the one value: `#[json("end_turn")]`
    #[json("word")]
    Word(String),
//~ ^^^^ ERROR a value of `strings` holds nothing
}

#[derive(Debug, Json)]
#[json(request, kind)]
enum Kinds {
    #[json("string")]
    Text(String),
//~ ^^^^ ERROR say the kind of JSON: `#[json(string)]`
    #[json(array)]
    List(Vec<String>),
    #[json(array)]
//~        ^^^^^ ERROR there are two variants of kind `array`
    Again(Vec<bool>),
}

fn main() {}
