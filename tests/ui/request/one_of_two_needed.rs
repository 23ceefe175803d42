use bedrock_models::cohere::embed_english_v3::EmbedEnglishV3;
use bedrock_models::request;

fn main() {
    let _ = request!(EmbedEnglishV3 { input_type: "search_query" });
//~                                 ^ ERROR `images` must be given, because `texts` is not given
}
