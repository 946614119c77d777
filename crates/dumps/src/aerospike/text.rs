use super::{
    global, record,
    token::{expect, name, shown, word},
};
use crate::{
    Refusal,
    content::{AerospikeContent, Content},
    source::Source,
};

const VERSIONS: [&str; 3] = ["3.0", "3.1", "3.2"];

/// Reads a text backup. It has neither counts nor a checksum nor an end mark: one that is cut off between two records looks
/// whole, and only what was counted when it was made tells.
pub(crate) async fn parse(source: Source) -> Result<Content, Refusal> {
    let mut source = source.with_lines();
    let mut content = AerospikeContent {
        version: header(&mut source).await?,
        ..AerospikeContent::default()
    };
    while source.peek().await == Some(b'#') {
        metadata(&mut source, &mut content).await?;
    }
    while let Some(byte) = source.peek().await {
        match byte {
            b'+' => record::read(&mut source, &mut content).await?,
            b'*' => global::read(&mut source, &mut content).await?,
            b'#' => {
                return Err(source.refuse("a line of metadata stands after the first entry"));
            }
            b'V' => return Err(source.refuse("another file begins here")),
            byte => {
                return Err(source.refuse(format!("{} begins no entry", shown(byte))));
            }
        }
    }
    Ok(Content::Aerospike(content))
}

async fn header(source: &mut Source) -> Result<String, Refusal> {
    let inside = "the first line";
    for byte in *b"Version " {
        match source.peek().await {
            Some(found) if found == byte => source.byte(inside).await?,
            Some(_) => {
                return Err(source.refuse(
                    "this is no text backup of Aerospike: it does not begin with \u{201c}Version 3.1\u{201d}; if it is encrypted, it cannot be read here",
                ));
            }
            None => return Err(source.cut(inside)),
        };
    }
    let at = source.offset();
    let version = word(source, b'\n', inside).await?;
    if !VERSIONS.contains(&version.as_str()) {
        let what = format!(
            "version {} is not known; those read are {}",
            version.escape_debug(),
            VERSIONS.join(", ")
        );
        return Err(source.refuse_at(at, what));
    }
    expect(source, b'\n', inside).await?;
    Ok(version)
}

async fn metadata(source: &mut Source, content: &mut AerospikeContent) -> Result<(), Refusal> {
    let inside = "a line of metadata";
    let at = source.offset();
    expect(source, b'#', inside).await?;
    expect(source, b' ', inside).await?;
    let what = name(source, [b' ', b'\n'], inside).await?;
    match what.as_str() {
        "namespace" if content.namespace.is_none() => {
            expect(source, b' ', inside).await?;
            content.namespace = Some(name(source, [b'\n'; 2], inside).await?);
        }
        "first-file" => content.first_file = true,
        what => {
            let what = format!("metadata named {} is not known", what.escape_debug());
            return Err(source.refuse_at(at, what));
        }
    }
    expect(source, b'\n', inside).await
}
