use super::{
    names,
    token::{expect, name, number, shown, sized, word},
};
use crate::{Refusal, content::AerospikeContent, source::Source};

/// What an index's expression or context has at most.
const PATHS: u64 = 255;

/// A secondary index or a user-defined function.
pub(super) async fn read(
    source: &mut Source,
    content: &mut AerospikeContent,
) -> Result<(), Refusal> {
    expect(source, b'*', "a global entry").await?;
    expect(source, b' ', "a global entry").await?;
    match source.peek().await {
        Some(b'i' | b'e') => index(source, content).await,
        Some(b'u') => function(source, content).await,
        Some(byte) => Err(source.refuse(format!("{} is no global entry", shown(byte)))),
        None => Err(source.cut("a global entry")),
    }
}

async fn one_of(source: &mut Source, known: &[u8], what: &str) -> Result<(), Refusal> {
    match source.peek().await {
        Some(byte) if known.contains(&byte) => source.byte(what).await.map(|_| ()),
        Some(byte) => Err(source.refuse(format!("{} is no {what}", shown(byte)))),
        None => Err(source.cut(what)),
    }
}

async fn index(source: &mut Source, content: &mut AerospikeContent) -> Result<(), Refusal> {
    let inside = "a secondary index";
    source.byte(inside).await?;
    expect(source, b' ', inside).await?;
    let at = source.offset();
    let namespace = name(source, [b' '; 2], inside).await?;
    names::check(source, at, content, &namespace, inside)?;
    expect(source, b' ', inside).await?;
    // The set, which may be empty, and the index's name.
    for _ in 0..2 {
        name(source, [b' '; 2], inside).await?;
        expect(source, b' ', inside).await?;
    }
    one_of(source, b"NLKV", "type of an index").await?;
    expect(source, b' ', inside).await?;
    let paths = number(source, b' ', PATHS, inside).await?;
    if paths == 0 {
        return Err(source.refuse("a secondary index has no path"));
    }
    for _ in 0..paths {
        expect(source, b' ', inside).await?;
        name(source, [b' '; 2], inside).await?;
        expect(source, b' ', inside).await?;
        one_of(source, b"SNGB", "type of an indexed value").await?;
    }
    if source.peek().await == Some(b' ') {
        source.byte(inside).await?;
        context(source, inside).await?;
    }
    expect(source, b'\n', inside).await?;
    content.indexes += 1;
    Ok(())
}

/// The context or the expression of an index: Base64, of any length.
async fn context(source: &mut Source, inside: &str) -> Result<(), Refusal> {
    loop {
        match source.peek().await {
            Some(b'\n') => return Ok(()),
            Some(byte) if byte.is_ascii_alphanumeric() || b"+/=".contains(&byte) => {
                source.byte(inside).await?;
            }
            Some(byte) => {
                return Err(source.refuse(format!("{} is no Base64, in {inside}", shown(byte))));
            }
            None => return Err(source.cut(inside)),
        }
    }
}

async fn function(source: &mut Source, content: &mut AerospikeContent) -> Result<(), Refusal> {
    let inside = "a user-defined function";
    source.byte(inside).await?;
    expect(source, b' ', inside).await?;
    let at = source.offset();
    let kind = word(source, b' ', inside).await?;
    if kind != "L" {
        let what = format!("{} is no type of a function", kind.escape_debug());
        return Err(source.refuse_at(at, what));
    }
    expect(source, b' ', inside).await?;
    name(source, [b' '; 2], inside).await?;
    expect(source, b' ', inside).await?;
    sized(source, false, inside).await?;
    expect(source, b'\n', inside).await?;
    content.functions += 1;
    Ok(())
}
