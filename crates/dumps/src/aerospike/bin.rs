use super::{
    record::{float, integer},
    token::{expect, name, shown, sized},
};
use crate::{Refusal, source::Source};

/// Types whose values are bytes: Base64, or as they are after an exclamation mark.
const BYTES: &[u8] = b"BJCPRHEYML";

/// One bin of a record.
pub(super) async fn read(source: &mut Source, number: u64, of: u64) -> Result<(), Refusal> {
    let inside = "a bin";
    match source.peek().await {
        Some(b'-') => source.byte(inside).await?,
        Some(byte) => {
            return Err(source.refuse(format!(
                "{} stands where bin {number} of {of} belongs",
                shown(byte)
            )));
        }
        None => {
            return Err(source.refuse(format!(
                "the stream ends before bin {number} of {of} of a record"
            )));
        }
    };
    expect(source, b' ', inside).await?;
    let at = source.offset();
    let kind = match source.peek().await {
        Some(b'U') => {
            return Err(
                source.refuse("the record has a large data type, which Aerospike no longer knows")
            );
        }
        Some(kind) if b"NZIDSXG".contains(&kind) || BYTES.contains(&kind) => {
            source.byte(inside).await?
        }
        Some(byte) => return Err(source.refuse(format!("{} is no type of a bin", shown(byte)))),
        None => return Err(source.cut(inside)),
    };
    let raw = source.peek().await == Some(b'!');
    if raw {
        source.byte(inside).await?;
    }
    if raw && !BYTES.contains(&kind) {
        let what = format!(
            "a bin of type {} cannot hold bytes as they are",
            shown(kind)
        );
        return Err(source.refuse_at(at, what));
    }
    expect(source, b' ', inside).await?;
    name(source, [b' ', b'\n'], inside).await?;
    if kind == b'N' {
        return expect(source, b'\n', inside).await;
    }
    expect(source, b' ', inside).await?;
    match kind {
        b'Z' => truth(source, inside).await?,
        b'I' => integer(source, inside).await?,
        b'D' => float(source, inside).await?,
        b'S' | b'G' => sized(source, false, inside).await?,
        b'X' => sized(source, true, inside).await?,
        _ => sized(source, !raw, inside).await?,
    }
    expect(source, b'\n', inside).await
}

async fn truth(source: &mut Source, inside: &str) -> Result<(), Refusal> {
    match source.peek().await {
        Some(b'T' | b'F') => source.byte(inside).await.map(|_| ()),
        Some(byte) => Err(source.refuse(format!("{} is neither T nor F", shown(byte)))),
        None => Err(source.cut(inside)),
    }
}
