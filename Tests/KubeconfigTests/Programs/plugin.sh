#!/bin/sh
# A credential plugin whose token is what it was told: KUBERNETES_EXEC_INFO, its arguments and a variable, in base64.
token=$(printf '{"info":%s,"arguments":"%s","variable":"%s"}' "$KUBERNETES_EXEC_INFO" "$*" "$VARIABLE" | base64 -w0)
printf '{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"%s"}}' "$VERSION" "$token"
