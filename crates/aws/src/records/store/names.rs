use aws_sdk_s3::types::EncodingType;
use percent_encoding::percent_decode_str;

/// A name as it was before S3 encoded it for a listing; XML cannot carry every character.
pub(crate) fn decoded(name: &str, encoding: Option<&EncodingType>) -> String {
    if encoding != Some(&EncodingType::Url) {
        return name.to_owned();
    }
    // S3 writes a blank as a plus, and a plus as %2B.
    let blanks = name.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_only_where_they_were_encoded() {
        let url = Some(&EncodingType::Url);
        assert_eq!(decoded("a+b%2Bc%2F%C3%A9/d", url), "a b+c/é/d");
        assert_eq!(decoded("a+b%2B", None), "a+b%2B");
    }
}
