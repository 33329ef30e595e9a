import JSONLines

/// The schemas of protocol/schema, of messages and of the policy file, which this library carries within itself.
public enum MessageSchemas {
  /// Every file, by its name.
  public static let all: [String: JSONValue] = {
    let files = [
      "common.json": PackageResources.common_json, "space.json": PackageResources.space_json,
      "notification.json": PackageResources.notification_json, "error.reply.json": PackageResources.error_reply_json,
      "hello.request.json": PackageResources.hello_request_json, "hello.reply.json": PackageResources.hello_reply_json,
      "reset.request.json": PackageResources.reset_request_json, "reset.reply.json": PackageResources.reset_reply_json,
      "step.request.json": PackageResources.step_request_json, "step.reply.json": PackageResources.step_reply_json,
      "close.request.json": PackageResources.close_request_json, "close.reply.json": PackageResources.close_reply_json,
      "render.request.json": PackageResources.render_request_json,
      "render.reply.json": PackageResources.render_reply_json,
      "snapshot.request.json": PackageResources.snapshot_request_json,
      "snapshot.reply.json": PackageResources.snapshot_reply_json,
      "restore.request.json": PackageResources.restore_request_json,
      "restore.reply.json": PackageResources.restore_reply_json,
      "act.request.json": PackageResources.act_request_json, "act.reply.json": PackageResources.act_reply_json,
      "reload.request.json": PackageResources.reload_request_json,
      "reload.reply.json": PackageResources.reload_reply_json,
      "begin.request.json": PackageResources.begin_request_json, "begin.reply.json": PackageResources.begin_reply_json,
      "log_action.request.json": PackageResources.log_action_request_json,
      "log_action.reply.json": PackageResources.log_action_reply_json,
      "end.request.json": PackageResources.end_request_json, "end.reply.json": PackageResources.end_reply_json,
      "abandon.request.json": PackageResources.abandon_request_json,
      "abandon.reply.json": PackageResources.abandon_reply_json,
      "policy-file.json": PackageResources.policy_file_json,
      "prepare.request.json": PackageResources.prepare_request_json,
      "prepare.reply.json": PackageResources.prepare_reply_json,
      "collect.request.json": PackageResources.collect_request_json,
      "collect.reply.json": PackageResources.collect_reply_json,
      "gradient.request.json": PackageResources.gradient_request_json,
      "gradient.reply.json": PackageResources.gradient_reply_json,
      "save.request.json": PackageResources.save_request_json, "save.reply.json": PackageResources.save_reply_json,
    ]
    return files.compactMapValues { bytes in bytes.withUnsafeBytes { try? JSONValue(parsing: $0) } }
  }()

  /// The first way in which a message is not what the schema of that name describes; nil when it is.
  public static func fault(in message: JSONValue, schema name: String) -> SchemaFault? {
    SchemaValidator(schemas: all).fault(in: message, file: name)
  }
}
