"""The messages of the API, as far as this project reads them (k8s.io/api generated.proto, field numbers of 1.36)."""

from protobuf import Integer, IntOrString, Message, RawJSON, Text, TextMap, Time, Truth

OwnerReference = Message((1, "kind", Text, ""), (3, "name", Text, ""), (4, "uid", Text, ""), (5, "apiVersion", Text, ""),
                         (6, "controller", Truth, "?"), (7, "blockOwnerDeletion", Truth, "?"))
ManagedFields = Message((1, "manager", Text, ""), (2, "operation", Text, ""), (3, "apiVersion", Text, ""), (4, "time", Time, "?"),
                        (6, "fieldsType", Text, ""), (7, "fieldsV1", RawJSON, "?"), (8, "subresource", Text, ""))
ObjectMeta = Message(
    (1, "name", Text, ""), (2, "generateName", Text, ""), (3, "namespace", Text, ""), (4, "selfLink", Text, ""),
    (5, "uid", Text, ""), (6, "resourceVersion", Text, ""), (7, "generation", Integer, ""),
    (8, "creationTimestamp", Time, ""), (9, "deletionTimestamp", Time, "?"),
    (10, "deletionGracePeriodSeconds", Integer, "?"), (11, "labels", TextMap, ""), (12, "annotations", TextMap, ""),
    (13, "ownerReferences", OwnerReference, "*"), (14, "finalizers", Text, "*"),
    (17, "managedFields", ManagedFields, "*"))
ListMeta = Message((1, "selfLink", Text, ""), (2, "resourceVersion", Text, ""), (3, "continue", Text, ""),
                   (4, "remainingItemCount", Integer, "?"))
Address = Message((1, "ip", Text, ""))

ContainerPort = Message((1, "name", Text, ""), (2, "hostPort", Integer, ""), (3, "containerPort", Integer, ""),
                        (4, "protocol", Text, ""), (5, "hostIP", Text, ""))
Container = Message((1, "name", Text, ""), (2, "image", Text, ""), (3, "command", Text, "*"), (4, "args", Text, "*"), (6, "ports", ContainerPort, "*"))
# EphemeralContainer begins with the message of its common fields.
EphemeralContainer = Message((1, "name", Text, ""), (2, "image", Text, ""))
Toleration = Message((1, "key", Text, ""), (2, "operator", Text, ""), (3, "value", Text, ""), (4, "effect", Text, ""),
                     (5, "tolerationSeconds", Integer, "?"))
PodSpec = Message(
    (2, "containers", Container, "*"), (3, "restartPolicy", Text, ""), (4, "terminationGracePeriodSeconds", Integer, "?"),
    (5, "activeDeadlineSeconds", Integer, "?"), (7, "nodeSelector", TextMap, ""), (8, "serviceAccountName", Text, ""),
    (10, "nodeName", Text, ""), (11, "hostNetwork", Truth, ""), (12, "hostPID", Truth, ""),
    (20, "initContainers", Container, "*"), (22, "tolerations", Toleration, "*"),
    (36, "os", Message((1, "name", Text, "")), "?"))
PodCondition = Message((1, "type", Text, ""), (2, "status", Text, ""), (4, "lastTransitionTime", Time, ""),
                       (5, "reason", Text, ""), (6, "message", Text, ""))
ContainerState = Message(
    (1, "waiting", Message((1, "reason", Text, ""), (2, "message", Text, "")), "?"),
    (2, "running", Message((1, "startedAt", Time, "")), "?"),
    (3, "terminated", Message((1, "exitCode", Integer, ""), (2, "signal", Integer, ""), (3, "reason", Text, ""),
                              (4, "message", Text, ""), (5, "startedAt", Time, ""), (6, "finishedAt", Time, ""),
                              (7, "containerID", Text, "")), "?"))
ContainerStatus = Message(
    (1, "name", Text, ""), (2, "state", ContainerState, ""), (3, "lastState", ContainerState, ""), (4, "ready", Truth, ""),
    (5, "restartCount", Integer, ""), (6, "image", Text, ""), (7, "imageID", Text, ""), (8, "containerID", Text, ""),
    (9, "started", Truth, "?"))
PodStatus = Message(
    (1, "phase", Text, ""), (2, "conditions", PodCondition, "*"), (3, "message", Text, ""), (4, "reason", Text, ""),
    (5, "hostIP", Text, ""), (6, "podIP", Text, ""), (7, "startTime", Time, "?"),
    (8, "containerStatuses", ContainerStatus, "*"), (9, "qosClass", Text, ""),
    (10, "initContainerStatuses", ContainerStatus, "*"), (12, "podIPs", Address, "*"),
    (13, "ephemeralContainerStatuses", ContainerStatus, "*"), (16, "hostIPs", Address, "*"))
Pod = Message((1, "metadata", ObjectMeta, ""), (2, "spec", PodSpec, ""), (3, "status", PodStatus, ""))

ServicePort = Message((1, "name", Text, ""), (2, "protocol", Text, ""), (3, "port", Integer, ""),
                      (4, "targetPort", IntOrString, ""), (5, "nodePort", Integer, ""), (6, "appProtocol", Text, "?"))
ServiceSpec = Message(
    (1, "ports", ServicePort, "*"), (2, "selector", TextMap, ""), (3, "clusterIP", Text, ""), (4, "type", Text, ""),
    (5, "externalIPs", Text, "*"), (7, "sessionAffinity", Text, ""), (8, "loadBalancerIP", Text, ""),
    (10, "externalName", Text, ""), (11, "externalTrafficPolicy", Text, ""), (18, "clusterIPs", Text, "*"),
    (19, "ipFamilies", Text, "*"), (22, "internalTrafficPolicy", Text, "?"))
Ingress = Message((1, "ip", Text, ""), (2, "hostname", Text, ""), (3, "ipMode", Text, "?"),
                  (4, "ports", Message((1, "port", Integer, ""), (2, "protocol", Text, "")), "*"))
ServiceStatus = Message((1, "loadBalancer", Message((1, "ingress", Ingress, "*")), ""))
Service = Message((1, "metadata", ObjectMeta, ""), (2, "spec", ServiceSpec, ""), (3, "status", ServiceStatus, ""))

ObjectReference = Message((1, "kind", Text, ""), (2, "namespace", Text, ""), (3, "name", Text, ""), (4, "uid", Text, ""),
                          (5, "apiVersion", Text, ""), (6, "resourceVersion", Text, ""), (7, "fieldPath", Text, ""))
EndpointConditions = Message((1, "ready", Truth, "?"), (2, "serving", Truth, "?"), (3, "terminating", Truth, "?"))
Endpoint = Message((1, "addresses", Text, "*"), (2, "conditions", EndpointConditions, ""), (3, "hostname", Text, "?"),
                   (4, "targetRef", ObjectReference, "?"), (6, "nodeName", Text, "?"), (7, "zone", Text, "?"))
EndpointPort = Message((1, "name", Text, "?"), (2, "protocol", Text, "?"), (3, "port", Integer, "?"),
                       (4, "appProtocol", Text, "?"))
EndpointSlice = Message((1, "metadata", ObjectMeta, ""), (2, "endpoints", Endpoint, "*"), (3, "ports", EndpointPort, "*"),
                        (4, "addressType", Text, ""))

Taint = Message((1, "key", Text, ""), (2, "value", Text, ""), (3, "effect", Text, ""))
NodeSpec = Message((1, "podCIDR", Text, ""), (3, "providerID", Text, ""), (4, "unschedulable", Truth, ""),
                   (5, "taints", Taint, "*"), (7, "podCIDRs", Text, "*"))
NodeCondition = Message((1, "type", Text, ""), (2, "status", Text, ""), (3, "lastHeartbeatTime", Time, ""),
                        (4, "lastTransitionTime", Time, ""), (5, "reason", Text, ""), (6, "message", Text, ""))
NodeSystemInfo = Message(
    (1, "machineID", Text, ""), (2, "systemUUID", Text, ""), (3, "bootID", Text, ""), (4, "kernelVersion", Text, ""),
    (5, "osImage", Text, ""), (6, "containerRuntimeVersion", Text, ""), (7, "kubeletVersion", Text, ""),
    (8, "kubeProxyVersion", Text, ""), (9, "operatingSystem", Text, ""), (10, "architecture", Text, ""))
NodeStatus = Message(
    (4, "conditions", NodeCondition, "*"), (5, "addresses", Message((1, "type", Text, ""), (2, "address", Text, "")), "*"),
    (7, "nodeInfo", NodeSystemInfo, ""), (8, "images", Message((1, "names", Text, "*"), (2, "sizeBytes", Integer, "")), "*"),
    (14, "declaredFeatures", Text, "*"))
Node = Message((1, "metadata", ObjectMeta, ""), (2, "spec", NodeSpec, ""), (3, "status", NodeStatus, ""))

PodTemplateSpec = Message((1, "metadata", ObjectMeta, ""), (2, "spec", PodSpec, ""))
JobSpec = Message(
    (1, "parallelism", Integer, "?"), (2, "completions", Integer, "?"), (3, "activeDeadlineSeconds", Integer, "?"),
    (6, "template", PodTemplateSpec, ""), (7, "backoffLimit", Integer, "?"), (8, "ttlSecondsAfterFinished", Integer, "?"),
    (10, "suspend", Truth, "?"))
Job = Message((1, "metadata", ObjectMeta, ""), (2, "spec", JobSpec, ""))
DeleteOptions = Message(
    (1, "gracePeriodSeconds", Integer, "?"), (2, "preconditions", Message((1, "uid", Text, "?")), "?"),
    (3, "orphanDependents", Truth, "?"), (4, "propagationPolicy", Text, "?"), (5, "dryRun", Text, "*"))
ResourceAttributes = Message((1, "namespace", Text, ""), (2, "verb", Text, ""), (3, "group", Text, ""), (4, "version", Text, ""),
                             (5, "resource", Text, ""), (6, "subresource", Text, ""), (7, "name", Text, ""))
NonResourceAttributes = Message((1, "path", Text, ""), (2, "verb", Text, ""))
AccessReview = Message((1, "metadata", ObjectMeta, ""), (2, "spec", Message(
    (1, "resourceAttributes", ResourceAttributes, "?"), (2, "nonResourceAttributes", NonResourceAttributes, "?")), ""))
Namespace = Message((1, "metadata", ObjectMeta, ""), (3, "status", Message((1, "phase", Text, "")), ""))
Event = Message(
    (1, "metadata", ObjectMeta, ""), (2, "involvedObject", ObjectReference, ""), (3, "reason", Text, ""),
    (4, "message", Text, ""), (5, "source", Message((1, "component", Text, ""), (2, "host", Text, "")), ""),
    (6, "firstTimestamp", Time, ""), (7, "lastTimestamp", Time, ""), (8, "count", Integer, ""), (9, "type", Text, ""),
    (14, "reportingComponent", Text, ""))
MetadataOnly = Message((1, "metadata", ObjectMeta, ""))

StatusCause = Message((1, "reason", Text, ""), (2, "message", Text, ""), (3, "field", Text, ""))
StatusDetails = Message((1, "name", Text, ""), (2, "group", Text, ""), (3, "kind", Text, ""), (4, "causes", StatusCause, "*"),
                        (5, "retryAfterSeconds", Integer, ""), (6, "uid", Text, ""))
Status = Message((1, "metadata", ListMeta, ""), (2, "status", Text, ""), (3, "message", Text, ""), (4, "reason", Text, ""),
                 (5, "details", StatusDetails, "?"), (6, "code", Integer, ""))

BY_KIND = {
    "Pod": Pod, "Service": Service, "EndpointSlice": EndpointSlice, "Node": Node, "Namespace": Namespace, "Event": Event,
    "PartialObjectMetadata": MetadataOnly, "Status": Status, "Job": Job, "DeleteOptions": DeleteOptions,
    "SelfSubjectAccessReview": AccessReview,
}


def of_kind(kind):
    """The message of a kind; of those whose rest nobody reads, the metadata."""
    return BY_KIND.get(kind, MetadataOnly)
