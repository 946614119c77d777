use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata as _,
    primitives::ByteStream,
    types::{BucketLocationConstraint, CreateBucketConfiguration},
};

use crate::{ORDERS, TOOLING, root, sandbox};

#[tokio::test]
async fn objects_belong_to_one_account_and_keep_their_bytes() {
    let sandbox = sandbox().await;
    let owner = Client::new(&root(&sandbox, ORDERS).await);
    owner
        .create_bucket()
        .bucket("media")
        .create_bucket_configuration(
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::EuWest1)
                .build(),
        )
        .send()
        .await
        .unwrap();
    let body = b"<html>not a document of S3</html>";
    owner
        .put_object()
        .bucket("media")
        .key("seite/\u{fc}bersicht.html")
        .body(ByteStream::from_static(body))
        .send()
        .await
        .unwrap();
    let found = owner
        .get_object()
        .bucket("media")
        .key("seite/\u{fc}bersicht.html")
        .send()
        .await
        .unwrap();
    assert_eq!(found.body.collect().await.unwrap().to_vec(), body);

    let stranger = Client::new(&root(&sandbox, TOOLING).await);
    let refused = stranger
        .list_objects_v2()
        .bucket("media")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("AccessDenied"));
}
