use bedrock_models::amazon::nova_micro::ContentBlock;

fn main() {
    let _ = ContentBlock::Image(todo!());
//~                       ^^^^^ ERROR[E0599] `Image`
}
