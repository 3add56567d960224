{{- define "dif.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What selects the pods of a role: (list $ "door"). */}}
{{- define "dif.selector" -}}
app.kubernetes.io/name: dif
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "dif.labels" -}}
{{ include "dif.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/part-of: dif
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end }}

{{- define "dif.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "dif.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "dif.name" .) }}
{{- end }}

{{/* What every pod has in common; the role's own volumes and containers follow. */}}
{{- define "dif.pod" -}}
serviceAccountName: {{ include "dif.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Pods of a role go to different machines where they can: (list $ "door"). */}}
{{- define "dif.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "dif.selector" . | nindent 8 }}
{{- end }}

{{/* What every container has in common. */}}
{{- define "dif.container" -}}
image: {{ include "dif.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: {drop: [ALL]}
  seccompProfile: {type: RuntimeDefault}
envFrom:
  - configMapRef: {name: {{ include "dif.name" . }}}
{{- with .Values.secretName }}
  - secretRef: {name: {{ . }}}
{{- end }}
{{- end }}

{{- define "dif.engineSecret" -}}
{{- $root := index . 0 }}{{- $role := index . 1 }}
{{- if $root.Values.certificates.certManager }}{{ include "dif.name" $root }}-engine-{{ $role }}{{ else }}{{ required (printf "certificates.engineSecretNames.%s: name a Secret with tls.crt, tls.key and ca.crt, or use cert-manager" $role) (index $root.Values.certificates.engineSecretNames $role) }}{{ end }}
{{- end }}

{{- define "dif.engineEnvironment" -}}
- {name: DIF_ENGINE_ADDRESS, value: "tls://{{ include "dif.name" . }}-scheduler:8786"}
- {name: DIF_ENGINE_TLS, value: /etc/dif/engine}
{{- end }}

{{/* Access files must be the process's own and readable by nobody else, which a mounted Secret cannot be: copies. */}}
{{- define "dif.accessCopy" -}}
- name: access
  {{- include "dif.container" . | nindent 2 }}
  command: [/bin/sh, -euc]
  args: ["install -d -m 700 /srv/dif/access && install -m 600 /run/access/* /srv/dif/access/"]
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
  volumeMounts:
    - {name: home, mountPath: /srv/dif}
    - {name: access, mountPath: /run/access, readOnly: true}
{{- end }}

{{/* A home that lives as long as its pod, with a size: (list $ "20Gi"). */}}
{{- define "dif.scratch" -}}
- name: home
  emptyDir: {sizeLimit: {{ index . 1 }}}
{{ include "dif.others" (index . 0) }}
{{- end }}

{{/* What every pod has beside its home. */}}
{{- define "dif.others" -}}
- name: tmp
  emptyDir: {sizeLimit: 1Gi}
{{- with .Values.trust.configMapName }}
- name: trust
  configMap: {name: {{ . }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- end }}

{{- define "dif.mounts" -}}
- {name: home, mountPath: /srv/dif}
- {name: tmp, mountPath: /tmp}
{{- if .Values.trust.configMapName }}
- {name: trust, mountPath: /etc/dif/trust, readOnly: true}
{{- end }}
{{- end }}

{{/* Who calls the scheduler and the workers. */}}
{{- define "dif.engineCallers" -}}
- podSelector:
    matchLabels: {{ include "dif.selector" (list . "worker") | nindent 6 }}
- podSelector:
    matchLabels: {{ include "dif.selector" (list . "control") | nindent 6 }}
{{- end }}

{{/* What both servers of a door have: (list $ live ready), the last two being probes. */}}
{{- define "dif.server" -}}
{{- $root := index . 0 }}{{- $live := index . 1 }}{{- $ready := index . 2 }}{{- $tls := $root.Values.doors.tls }}
{{- if or $tls.elsewhere $tls.secretName }}
env:
  {{- if $tls.secretName }}
  - {name: DIF_TLS_CERT, value: /etc/dif/tls/tls.crt}
  - {name: DIF_TLS_KEY, value: /etc/dif/tls/tls.key}
  {{- else }}
  - {name: DIF_TLS_ELSEWHERE, value: "true"}
  {{- end }}
  {{- if $tls.clientCaSecretName }}
  - {name: DIF_TLS_CLIENT_CA, value: /etc/dif/client-ca/ca.crt}
  {{- end }}
{{- end }}
# The balancer is told first, and the server ends a moment later.
lifecycle:
  preStop:
    exec: {command: [sleep, "5"]}
startupProbe:
  {{- toYaml $live | nindent 2 }}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
readinessProbe:
  {{- toYaml $ready | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  {{- toYaml $live | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
resources: {{ toYaml $root.Values.doors.resources | nindent 2 }}
volumeMounts:
  {{- include "dif.mounts" $root | nindent 2 }}
  {{- if $tls.secretName }}
  - {name: tls, mountPath: /etc/dif/tls, readOnly: true}
  {{- end }}
  {{- if $tls.clientCaSecretName }}
  - {name: client-ca, mountPath: /etc/dif/client-ca, readOnly: true}
  {{- end }}
{{- end }}
