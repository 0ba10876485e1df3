{{- /* Made by `npm run k8s:examples`, of what k6-inference k8s writes. */ -}}
{{- define "k6-inference.testrun" -}}
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata:
  generateName: "{{ $.Release.Name }}-"
  namespace: {{ $.Release.Namespace | quote }}
  labels:
    app.kubernetes.io/name: k6-inference
    {{- with $.Values.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  parallelism: {{ int $.Values.parallelism }}
  {{- if $.Values.separate }}
  separate: true
  {{- end }}
  script:
    localFile: "/k6/dist/{{ $.Values.scenario }}.js"
  arguments: "--tag testid=$(TESTID) --log-format raw{{ if $.Values.resultsClaim }} --console-output $(RESULTS)/records.jsonl{{ end }}{{ if $.Values.prometheusUrl }} -o experimental-prometheus-rw{{ end }}"
  initializer:
    image: {{ if $.Values.initializerImage }}{{ $.Values.initializerImage | quote }}{{ else }}{{ $.Values.image | quote }}{{ end }}
    {{- with $.Values.imagePullSecrets }}
    imagePullSecrets:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $.Values.imagePullPolicy }}
    imagePullPolicy: {{ $.Values.imagePullPolicy | quote }}
    {{- end }}
    {{- with $.Values.nodeSelector }}
    nodeSelector:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.tolerations }}
    tolerations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.affinity }}
    affinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $.Values.priorityClassName }}
    priorityClassName: {{ $.Values.priorityClassName | quote }}
    {{- end }}
    {{- if $.Values.serviceAccountName }}
    serviceAccountName: {{ $.Values.serviceAccountName | quote }}
    {{- end }}
    {{- if or $.Values.labels $.Values.annotations }}
    metadata:
      {{- with $.Values.labels }}
      labels:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $.Values.annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    securityContext:
      runAsNonRoot: true
      {{- if not $.Values.anyUser }}
      runAsUser: {{ if $.Values.user }}{{ int $.Values.user.uid }}{{ else }}12345{{ end }}
      runAsGroup: {{ if $.Values.user }}{{ int $.Values.user.gid }}{{ else }}12345{{ end }}
      fsGroup: {{ if $.Values.user }}{{ int $.Values.user.gid }}{{ else }}12345{{ end }}
      {{- end }}
      seccompProfile:
        type: RuntimeDefault
    containerSecurityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop:
          - ALL
    automountServiceAccountToken: "false"
    env:
      - name: TESTID
        valueFrom:
          fieldRef:
            fieldPath: "metadata.labels['k6_cr']"
      - name: RUN_ID
        valueFrom:
          fieldRef:
            fieldPath: "metadata.labels['k6_cr']"
      {{- range $name, $value := $.Values.variables }}
      - name: {{ $name | quote }}
        value: {{ $value | replace "$" "$$" | quote }}
      {{- end }}
      - name: RESULTS
        value: {{ if $.Values.resultsClaim }}/results{{ else }}none{{ end }}
    resources:
      requests:
        cpu: "500m"
        memory: "512Mi"
      limits:
        memory: "512Mi"
    {{- if $.Values.resultsClaim }}
    volumes:
      - name: results
        emptyDir: {}
    volumeMounts:
      - name: results
        mountPath: /results
    {{- end }}
  starter:
    {{- with $.Values.imagePullSecrets }}
    imagePullSecrets:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $.Values.imagePullPolicy }}
    imagePullPolicy: {{ $.Values.imagePullPolicy | quote }}
    {{- end }}
    {{- if $.Values.starterImage }}
    image: {{ $.Values.starterImage | quote }}
    {{- end }}
    {{- with $.Values.nodeSelector }}
    nodeSelector:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.tolerations }}
    tolerations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.affinity }}
    affinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $.Values.priorityClassName }}
    priorityClassName: {{ $.Values.priorityClassName | quote }}
    {{- end }}
    {{- if $.Values.serviceAccountName }}
    serviceAccountName: {{ $.Values.serviceAccountName | quote }}
    {{- end }}
    {{- if or $.Values.labels $.Values.annotations }}
    metadata:
      {{- with $.Values.labels }}
      labels:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $.Values.annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    securityContext:
      runAsNonRoot: true
      {{- if not $.Values.anyUser }}
      runAsUser: {{ if $.Values.user }}{{ int $.Values.user.uid }}{{ else }}65532{{ end }}
      runAsGroup: {{ if $.Values.user }}{{ int $.Values.user.gid }}{{ else }}65532{{ end }}
      fsGroup: {{ if $.Values.user }}{{ int $.Values.user.gid }}{{ else }}12345{{ end }}
      {{- end }}
      seccompProfile:
        type: RuntimeDefault
    containerSecurityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop:
          - ALL
    automountServiceAccountToken: "false"
  runner:
    image: {{ $.Values.image | quote }}
    {{- with $.Values.imagePullSecrets }}
    imagePullSecrets:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $.Values.imagePullPolicy }}
    imagePullPolicy: {{ $.Values.imagePullPolicy | quote }}
    {{- end }}
    {{- with $.Values.nodeSelector }}
    nodeSelector:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.tolerations }}
    tolerations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $.Values.affinity }}
    affinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $.Values.priorityClassName }}
    priorityClassName: {{ $.Values.priorityClassName | quote }}
    {{- end }}
    {{- if $.Values.serviceAccountName }}
    serviceAccountName: {{ $.Values.serviceAccountName | quote }}
    {{- end }}
    {{- if or $.Values.labels $.Values.annotations }}
    metadata:
      {{- with $.Values.labels }}
      labels:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $.Values.annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    securityContext:
      runAsNonRoot: true
      {{- if not $.Values.anyUser }}
      runAsUser: {{ if $.Values.user }}{{ int $.Values.user.uid }}{{ else }}12345{{ end }}
      runAsGroup: {{ if $.Values.user }}{{ int $.Values.user.gid }}{{ else }}12345{{ end }}
      fsGroup: {{ if $.Values.user }}{{ int $.Values.user.gid }}{{ else }}12345{{ end }}
      {{- end }}
      seccompProfile:
        type: RuntimeDefault
    containerSecurityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop:
          - ALL
    automountServiceAccountToken: "false"
    {{- if $.Values.spread }}
    topologySpreadConstraints:
      {{- range $.Values.spread }}
      - maxSkew: 1
        topologyKey: {{ . | quote }}
        whenUnsatisfiable: ScheduleAnyway
        labelSelector:
          matchLabels:
            app: k6
            runner: "true"
        matchLabelKeys:
          - k6_cr
      {{- end }}
    {{- end }}
    env:
      - name: TESTID
        valueFrom:
          fieldRef:
            fieldPath: "metadata.labels['k6_cr']"
      - name: RUN_ID
        valueFrom:
          fieldRef:
            fieldPath: "metadata.labels['k6_cr']"
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      {{- range $name, $value := $.Values.variables }}
      - name: {{ $name | quote }}
        value: {{ $value | replace "$" "$$" | quote }}
      {{- end }}
      - name: RESULTS
        value: {{ if $.Values.resultsClaim }}"/results/$(TESTID)/$(POD_NAME)"{{ else }}none{{ end }}
      {{- range $.Values.secrets }}
      - name: {{ .variable | quote }}
        valueFrom:
          secretKeyRef:
            name: {{ .secret | quote }}
            key: {{ .key | quote }}
      {{- end }}
      {{- if $.Values.caBundle }}
      - name: SSL_CERT_FILE
        value: "/etc/k6-inference/ca/{{ $.Values.caBundle.key }}"
      {{- end }}
      {{- if $.Values.prometheusUrl }}
      - name: K6_PROMETHEUS_RW_SERVER_URL
        value: {{ $.Values.prometheusUrl | replace "$" "$$" | quote }}
      - name: K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM
        value: "true"
      - name: K6_PROMETHEUS_RW_STALE_MARKERS
        value: "true"
      {{- end }}
    resources:
      requests:
        cpu: {{ $.Values.cpu | quote }}
        memory: {{ $.Values.memory | quote }}
      limits:
        memory: {{ $.Values.memory | quote }}
    livenessProbe:
      httpGet:
        path: /v1/status
        port: 6565
      periodSeconds: 30
      timeoutSeconds: 20
      failureThreshold: 20
    {{- if $.Values.resultsClaim }}
    initContainers:
      - name: results-folder
        image: {{ $.Values.image | quote }}
        command:
          - mkdir
          - "-p"
          - "$(RESULTS)"
        env:
          - name: TESTID
            valueFrom:
              fieldRef:
                fieldPath: "metadata.labels['k6_cr']"
          - name: POD_NAME
            valueFrom:
              fieldRef:
                fieldPath: metadata.name
          - name: RESULTS
            value: "/results/$(TESTID)/$(POD_NAME)"
        resources:
          requests:
            cpu: "50m"
            memory: "64Mi"
          limits:
            memory: "64Mi"
        volumeMounts:
          - name: results
            mountPath: /results
    {{- end }}
    {{- if or $.Values.resultsClaim $.Values.caBundle }}
    volumes:
      {{- if $.Values.resultsClaim }}
      - name: results
        persistentVolumeClaim:
          claimName: {{ $.Values.resultsClaim | quote }}
      {{- end }}
      {{- if $.Values.caBundle }}
      - name: mount-1
        configMap:
          name: {{ $.Values.caBundle.configMap | quote }}
      {{- end }}
    volumeMounts:
      {{- if $.Values.resultsClaim }}
      - name: results
        mountPath: /results
      {{- end }}
      {{- if $.Values.caBundle }}
      - name: mount-1
        mountPath: /etc/k6-inference/ca
        readOnly: true
      {{- end }}
    {{- end }}
{{- end }}
