use futures::{StreamExt as _, stream};
use tidemark_dumps::{Head, Pieces, StoreError, StoreErrorKind};
use tidemark_services::calls::Call;

use super::{MARK, S3Dumps, bare, local};
use crate::convert;

pub(super) async fn head(dumps: &S3Dumps, key: &str) -> Result<Option<Head>, StoreError> {
    let call = Call::HeadObject;
    let answer = dumps
        .client
        .head_object()
        .bucket(&dumps.bucket)
        .key(key)
        .send()
        .await
        .map_err(|error| dumps.error(call, key, error));
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.kind == StoreErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(Head {
        size: convert::bytes(answer.content_length).unwrap_or_default(),
        is_dump: answer
            .metadata
            .is_some_and(|metadata| metadata.contains_key(MARK)),
        etag: bare(answer.e_tag, call, key)?,
    }))
}

/// Only where nothing is under the key.
pub(super) async fn put_new(dumps: &S3Dumps, key: &str, body: Vec<u8>) -> Result<(), StoreError> {
    dumps
        .client
        .put_object()
        .bucket(&dumps.bucket)
        .key(key)
        .content_type("application/json")
        .if_none_match("*")
        .body(body.into())
        .send()
        .await
        .map_err(|error| dumps.error(Call::PutObject, key, error))?;
    Ok(())
}

pub(super) async fn get_small(
    dumps: &S3Dumps,
    key: &str,
    most: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut pieces = match open(dumps, key, None, 0).await {
        Ok(pieces) => pieces,
        Err(error) if error.kind == StoreErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut content = Vec::new();
    while let Some(piece) = pieces.next().await {
        content.extend_from_slice(&piece?);
        if u64::try_from(content.len()).unwrap_or(u64::MAX) > most {
            return Err(local(
                StoreErrorKind::Other,
                Call::GetObject,
                key,
                format!("it has more than {most} bytes"),
            ));
        }
    }
    Ok(Some(content))
}

pub(super) async fn get(
    dumps: &S3Dumps,
    key: &str,
    etag: &str,
    from: u64,
) -> Result<Pieces, StoreError> {
    open(dumps, key, Some(etag), from).await
}

/// The content from a byte on, as it comes.
async fn open(
    dumps: &S3Dumps,
    key: &str,
    etag: Option<&str>,
    from: u64,
) -> Result<Pieces, StoreError> {
    let call = Call::GetObject;
    let answer = dumps
        .client
        .get_object()
        .bucket(&dumps.bucket)
        .key(key)
        .set_if_match(etag.map(|etag| format!("\"{etag}\"")))
        .set_range((from > 0).then(|| format!("bytes={from}-")))
        .send()
        .await
        .map_err(|error| dumps.error(call, key, error))?;
    let key = key.to_owned();
    let pieces = stream::unfold(answer.body, move |mut body| {
        let key = key.clone();
        async move {
            let piece = body.next().await?.map_err(|error| {
                let what = format!("the body broke off: {error}");
                local(StoreErrorKind::Passing, call, &key, what)
            });
            Some((piece, body))
        }
    });
    Ok(pieces.boxed())
}
