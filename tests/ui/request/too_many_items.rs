use bedrock_models::cohere::embed_english_v3::EmbedEnglishV3;
use bedrock_models::request;

fn main() {
    let _ = request!(EmbedEnglishV3 { input_type: "image", images: ["data:,a", "data:,b"] });
//~                                                                ^^^^^^^^^^^^^^^^^^^^^^ ERROR must have at most 1 item for Embed English, found 2
}
