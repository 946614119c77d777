use crate::{ORDERS, root, sandbox};

#[tokio::test]
async fn a_sandbox_that_was_shut_down_answers_no_more() {
    let sandbox = sandbox().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&root(&sandbox, ORDERS).await);
    dynamodb.list_tables().send().await.unwrap();
    drop(sandbox);
    // A client may still hold a connection that closes a moment later: a new one cannot be made.
    let sandbox = self::sandbox().await;
    let endpoint = sandbox.endpoint_url().to_owned();
    sandbox.shutdown().await.unwrap();
    let address = endpoint.trim_start_matches("http://");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
